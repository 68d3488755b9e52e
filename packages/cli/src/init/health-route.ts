import type { Health } from './candidate.ts';
import type { Source } from './folder.ts';

const path = String.raw`(\/(?:api\/)?(?:healthz?|healthcheck))`;
/** `@app.get("/health")`, `app.get('/health', …)`, `http.HandleFunc("GET /health", …)`: the owner, then the path. */
const declared = new RegExp(
  String.raw`(\w+)\.(?:route|get|GET|use|all|api_route|Get|Handle|HandleFunc)\(\s*["'\`](?:GET )?${path}\/?["'\`]`,
);
/** `if (request.url === '/health')`, `if self.path == "/health"`, `case '/health':`. */
const compared = new RegExp(String.raw`(?:===?\s*|case\s+)["'\`]${path}["'\`]`);
const application = /^(app|application|server|fastify|http|mux|api)$/;
/** What makes the paths of a router longer: where the router is made, and where it is joined to an application. */
const made = /url_prefix|\bprefix\s*[=:]/;
const joined = new RegExp(
  [
    String.raw`register_blueprint\([^)]*url_prefix|include_router\([^)]*prefix|\.register\([^)]*prefix`,
    String.raw`\b(?!app\b|application\b)\w+\.(?:register_blueprint|include_router)\(`,
    String.raw`\.use\(\s*["'\`]\/\w|basePath|\.mount\(|\.(?:Group|PathPrefix|Route)\(`,
  ].join('|'),
);

/**
 * The route for health checks that the sources declare. A check on a path that does not exist would never let the process
 * become ready, so a route counts only when nothing can have moved it.
 */
export function findHealthRoute(sources: readonly Source[]): Health | undefined {
  const isJoinedBelow = sources.some(({ text }) => joined.test(text));
  for (const source of sources) {
    const [, owner = '', route] = declared.exec(source.text) ?? [];
    const canMove = isJoinedBelow || made.test(source.text);
    if (route !== undefined && (!canMove || application.test(owner))) return found(source, route);
    const [, literal] = compared.exec(source.text) ?? [];
    if (literal !== undefined) return found(source, literal);
  }
  return undefined;
}

function found(source: Source, route: string): Health {
  return { path: route, why: `${source.path} has that route` };
}
