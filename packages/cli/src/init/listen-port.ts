import type { Port } from './candidate.ts';
import type { Source } from './folder.ts';

type LanguageName = 'node' | 'go' | 'rust';

interface Language {
  /** The program asks for PORT. */
  readonly asks: RegExp;
  /** The number it takes when PORT is not set. */
  readonly otherwise: RegExp;
  /** A number that stands in the source. */
  readonly fixed: readonly RegExp[];
}

const languages: Readonly<Record<LanguageName, Language>> = {
  node: {
    asks: /\benv\.PORT\b|\benv\[['"]PORT['"]\]|\{[^}]*\bPORT\b[^}]*\}\s*=\s*process\.env\b|\benv\.get\(['"]PORT['"]\)/,
    otherwise: /\bPORT(?:['"]\])?\)?\s*(?:\|\||\?\?|=)\s*['"]?(\d{2,5})\b/,
    fixed: [
      /\.listen\(\s*(\d{2,5})\b/,
      /\.listen\(\s*\{[^}]*\bport:\s*(\d{2,5})\b/,
      /\b(?:const|let|var)\s+port\s*(?::\s*number\s*)?=\s*(\d{2,5})\b/i,
    ],
  },
  go: {
    asks: /os\.(?:Getenv|LookupEnv)\("PORT"\)/,
    otherwise: /\b[pP]ort\s*:?=\s*":?(\d{2,5})"/,
    fixed: [/(?:ListenAndServe|Run|Start|Listen)\(\s*"[\w.]*:(\d{2,5})"/, /\bAddr:\s*"[\w.]*:(\d{2,5})"/],
  },
  rust: {
    asks: /\bvar\("PORT"\)/,
    otherwise: /\bPORT"[\s\S]{0,80}?"(\d{2,5})"/,
    fixed: [/\b(?:0\.0\.0\.0|127\.0\.0\.1|localhost):(\d{2,5})\b/, /\.bind\(\(\s*"[\w.]+",\s*(\d{2,5})\s*\)\)/],
  },
};

/** The port that a program listens on, as its sources tell; undefined when they do not. */
export function findListenPort(sources: readonly Source[], of: LanguageName, usual: number): Port | undefined {
  const { asks, otherwise, fixed } = languages[of];
  for (const { path, text } of sources) {
    if (!asks.test(text)) continue;
    return { number: portIn(otherwise, text) ?? usual, why: `${path} takes it from PORT` };
  }
  for (const { path, text } of sources) {
    for (const pattern of fixed) {
      const number = portIn(pattern, text);
      if (number !== undefined) return { number, fixed: true, why: `${path} has it written in` };
    }
  }
  return undefined;
}

function portIn(pattern: RegExp, text: string): number | undefined {
  const number = Number(pattern.exec(text)?.[1]);
  return number > 0 && number <= 65_535 ? number : undefined;
}
