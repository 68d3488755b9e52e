import type { ConfiguredPlugin } from '../contract/plugin.ts';
import { messageOf } from '../errors/error.ts';
import type { Checking, Path } from './issues.ts';
import { howToList, meantInstead, meantKey } from './keys.ts';
import { reportMistakes, reportUnknownKey } from './mistakes.ts';
import { officialKeys } from './official.ts';
import { subjectOf } from './path.ts';
import { configSchema, type ParsedConfig } from './schema.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Parses all that is core's in a config and reports each mistake. What is left without the mistakes comes back, so that
 * the checks after this one still find theirs; undefined when nothing is left.
 */
export function parseConfig(
  config: unknown,
  plugins: { readonly known: readonly ConfiguredPlugin[]; readonly complete: boolean },
  { report, secrets, source }: Checking,
): ParsedConfig | undefined {
  const names = plugins.known.map(({ plugin }) => plugin.name);
  const own = mapProcesses(config, (process) => without(process, names));
  const first = configSchema.safeParse(own);
  if (first.success) return first.data;

  // A plugin that could not be loaded may be any.
  const listed = plugins.complete ? names : [...names, ...officialKeys];
  const unlisted = officialKeys.filter((key) => !listed.includes(key));
  const whole = { path: [], value: own, schema: configSchema, secrets };
  reportMistakes(first.error.issues, whole, report, (path, key, known) => {
    const ofProcess = path.length === 2 && path[0] === 'processes';
    const candidates = ofProcess ? [...known, ...listed] : known;
    const mayBeLost = ofProcess && !plugins.complete;
    if (mayBeLost && (listed.includes(key) || meantKey(key, candidates) === undefined)) return;
    const file = source?.originOf([...path, key])?.layer.file;
    if (path.length === 0 && isRecord(own) && isRecord(own[key]) && 'command' in own[key]) {
      reportUnknownKey(path, key, { hint: 'Processes stand in "processes".' }, report);
      return;
    }
    const others = { keys: unlisted, howToList: (name: string) => howToList(name, file) };
    reportUnknownKey(path, key, meantInstead(key, candidates, ofProcess ? others : undefined), report);
  });
  const wrong = first.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  return configSchema.safeParse(pruned(own, wrong)).data;
}

/** The fields of each plugin on one process, parsed by the plugin's own schema. An absent key is left out. */
export async function parseFields(
  process: unknown,
  plugins: readonly ConfiguredPlugin[],
  path: Path,
  { report, secrets }: Checking,
): Promise<Fields> {
  const fields: Record<string, unknown> = {};
  if (!isRecord(process)) return fields;
  for (const {
    plugin: { name, fields: schema },
  } of plugins) {
    const value = process[name];
    if (value === undefined) continue;
    const at = [...path, name];
    try {
      const parsed = await schema.safeParseAsync(value);
      if (parsed.success) fields[name] = parsed.data;
      else reportMistakes(parsed.error.issues, { path: at, value, schema, secrets }, report);
    } catch (fault) {
      report(at, `${subjectOf(at)} cannot be read by its plugin: ${messageOf(fault)}.`, { code: 'PB_PLUGIN_INVALID' });
    }
  }
  return fields;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes out each wrong key: of a process when it is inside one, else of the config. */
function pruned(config: unknown, wrong: readonly Path[]): unknown {
  const keysUnder = (depth: number, ...prefix: Path) =>
    wrong
      .filter((path) => path.length >= depth && prefix.every((step, index) => path[index] === step))
      .map((path) => String(path[depth - 1]));
  if (!isRecord(config)) return config;
  const processes = isRecord(config.processes) ? config.processes : {};
  const lost = wrong.filter((path) => path[0] === 'processes' && path.length === 2).map((path) => String(path[1]));
  const kept = without(
    config,
    keysUnder(1).filter((key) => key !== 'processes'),
  );
  return mapProcesses({ ...kept, processes: without(processes, lost) }, (process, name) => ({
    // Its own is missing or wrong, and was reported.
    command: 'unknown',
    ...without(process, keysUnder(3, 'processes', name)),
  }));
}

function mapProcesses(config: unknown, change: (process: Fields, name: string) => Fields): unknown {
  if (!isRecord(config) || !isRecord(config.processes)) return config;
  const processes = Object.entries(config.processes).map(
    ([name, process]) => [name, isRecord(process) ? change(process, name) : process] as const,
  );
  return { ...config, processes: Object.fromEntries(processes) };
}

function without(record: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
