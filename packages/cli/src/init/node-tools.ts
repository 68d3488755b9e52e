/** A development server of a Node project, known by the program that its script runs. */
export interface NodeTool {
  readonly kind: string;
  /** Program and subcommand at the begin of a command. */
  readonly runs: RegExp;
  /** Its default. */
  readonly port: number;
  /** The words by which it is told its port; none when it reads PORT. */
  readonly flags: readonly string[];
  /** Variables that it needs to run without a person. */
  readonly env?: { readonly variables: Readonly<Record<string, string>>; readonly why: string };
  /** A route file and the path that it answers, in the order of the tool's own rules. */
  readonly healthFiles?: Readonly<Record<string, string>>;
}

const address = ['--port', '{port}', '--host', '{host}'];
// Its default is the name localhost, which may mean IPv6 only; and it would rather take another port than fail.
const vite = { port: 5173, flags: [...address, '--strictPort'] };

/** All of these reload by themselves. */
export const nodeTools: readonly NodeTool[] = [
  {
    kind: 'Next.js',
    runs: /^next\s+(dev|start)\b/,
    port: 3000,
    flags: ['--port', '{port}'],
    healthFiles: {
      'app/health/route': '/health',
      'src/app/health/route': '/health',
      'app/api/health/route': '/api/health',
      'src/app/api/health/route': '/api/health',
      'pages/api/health': '/api/health',
      'src/pages/api/health': '/api/health',
    },
  },
  {
    kind: 'Nuxt',
    runs: /^(nuxt|nuxi)\s+dev\b/,
    port: 3000,
    flags: address,
    healthFiles: {
      'server/api/health': '/api/health',
      'server/api/health.get': '/api/health',
      'server/routes/health': '/health',
    },
  },
  { kind: 'Astro', runs: /^astro\s+(dev|preview)\b/, port: 4321, flags: address },
  { kind: 'Remix', runs: /^remix\s+vite:dev\b/, ...vite },
  { kind: 'React Router', runs: /^react-router\s+dev\b/, ...vite },
  { kind: 'Vite', runs: /^vite(\s+(dev|serve|preview|-.*))?\s*$/, ...vite },
  { kind: 'Angular', runs: /^ng\s+serve\b/, port: 4200, flags: address },
  { kind: 'Vue CLI', runs: /^vue-cli-service\s+serve\b/, port: 8080, flags: address },
  { kind: 'Gatsby', runs: /^gatsby\s+develop\b/, port: 8000, flags: address },
  { kind: 'webpack', runs: /^webpack(-dev-server|\s+serve)\b/, port: 8080, flags: address },
  {
    kind: 'Create React App',
    runs: /^(react-scripts|craco)\s+start\b/,
    port: 3000,
    flags: [],
    env: { variables: { BROWSER: 'none' }, why: 'it would open a browser at each start' },
  },
];

/** A framework by its package, for scripts that run a file: `express` in the dependencies makes it Express. */
export const nodeFrameworks: Readonly<Record<string, string>> = {
  express: 'Express',
  fastify: 'Fastify',
  koa: 'Koa',
  hono: 'Hono',
  '@nestjs/core': 'NestJS',
  '@hapi/hapi': 'hapi',
  polka: 'Polka',
};

/** A runner of files, and whether it starts them again when they change. */
export const fileRunner: RegExp = /^(node|nodemon|tsx|ts-node|ts-node-dev|tsnd|bun|deno|nest\s+start)\b/;
export const reloads: RegExp = /^(nodemon|ts-node-dev|tsnd)\b|^tsx\s+watch\b|\s--(watch|hot)\b/;

/** Runs the scripts of other folders, or several at once. */
export const orchestrator: RegExp =
  /\b(turbo|nx|lerna|concurrently|npm-run-all2?|run-p|run-s|foreman|nf|moon|wireit)\b|\bpnpm\s+(-r|--recursive|--filter|-F|--parallel)\b|\s--workspaces?\b|\s(--prefix|-C|--cwd)\s|\bcd\s/;
