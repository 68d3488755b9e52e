/** One request, as a line of an access log tells it. */
export interface AccessLine {
  readonly method: string;
  /** As it was asked for, with the query. */
  readonly target: string;
  readonly status: number;
}

// `"GET /notes?id=7 HTTP/1.1" 200` of werkzeug, gunicorn, uvicorn, nginx, Go; `GET /notes 200 1.2 ms` of morgan.
const quoted = /"([A-Z]{3,7}) ([^\s"]+) HTTP\/[\d.]+" (\d{3})\b/;
const bare = /(?:^|\s)(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*) (\d{3})\b/;

/** The request that a line of output tells of; undefined when it is no line of an access log. */
export function accessOf(text: string): AccessLine | undefined {
  const [, method, target, status] = quoted.exec(text) ?? bare.exec(text) ?? [];
  return method === undefined || target === undefined ? undefined : { method, target, status: Number(status) };
}
