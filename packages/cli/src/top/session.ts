import type { ReadStream } from 'node:tty';
import type { ExplainResult, ManagerEvent } from '@promptbin/core';
import { ask } from '../commands/call.ts';
import { agedBy, followOverview } from '../commands/follow-overview.ts';
import type { Invocation } from '../commands/invocation.ts';
import type { Overview } from '../commands/ps.ts';
import type { ManagerConnection } from '../control/client.ts';
import { Keyboard } from '../control/keyboard.ts';
import { abortWhenUnwanted } from '../control/signals.ts';
import { messageOf } from '../fault.ts';
import { Canvas } from '../render/canvas.ts';
import { tameLine } from '../render/color.ts';
import { reasonLines } from '../render/reasons.ts';
import { cut, renderTable } from '../render/table.ts';
import { clockTime } from '../render/time.ts';
import { Board, type Wish } from './board.ts';
import { SampleHistory } from './history.ts';
import { keys, topLines } from './table.ts';

/** Samples of the last minutes are among so many events, mostly. */
const before = 1000;
/** So many lines of a log can be looked at. */
const mostLines = 500;

/** One look at a manager, from the first drawing until somebody quits or the manager ends. */
export class TopSession {
  readonly #connection: ManagerConnection;
  readonly #invocation: Invocation;
  readonly #board = new Board();
  readonly #history = new SampleHistory();
  readonly #quit = new AbortController();
  #canvas: Canvas | undefined;
  #overview: { readonly now: Overview; readonly at: number } | undefined;
  /** What is shown in place of the table: the newest lines that have room. */
  #cover: { readonly title: string; readonly lines: string[]; readonly over: AbortController } | undefined;
  /** Why what the last key asked for has not been done. */
  #told = '';
  #isDrawing = false;

  constructor(connection: ManagerConnection, invocation: Invocation) {
    this.#connection = connection;
    this.#invocation = invocation;
  }

  get hasQuit(): boolean {
    return this.#quit.signal.aborted;
  }

  async run(stdin: ReadStream): Promise<void> {
    const { signal } = this.#quit;
    abortWhenUnwanted(this.#quit, this.#invocation.out);
    using canvas = new Canvas(this.#invocation.out);
    this.#canvas = canvas;
    using _keyboard = new Keyboard(stdin, (key) => this.#press(key));
    process.stdout.on('resize', this.#draw);
    const ticking = setInterval(this.#draw, 1000);
    const isNews = (event: ManagerEvent): boolean => {
      this.#history.take(event);
      return true;
    };
    try {
      await followOverview(this.#connection, { signal, isNews, before }, (now) => {
        this.#overview = { now, at: performance.now() };
        this.#board.show(now.status.processes);
        this.#draw();
      });
    } finally {
      this.#uncover();
      clearInterval(ticking);
      process.stdout.off('resize', this.#draw);
    }
  }

  #press(key: string): void {
    this.#told = '';
    const wish = this.#board.press(key);
    if (wish !== undefined) this.#grant(wish);
    this.#draw();
  }

  #grant(wish: Wish): void {
    switch (wish.kind) {
      case 'quit':
        this.#quit.abort();
        break;
      case 'close':
        this.#uncover();
        break;
      case 'help':
        this.#coverWith('Keys', async (lines) => void lines.push(...renderTable(keys)));
        break;
      case 'why':
        this.#coverWith(`Why ${wish.name}`, (lines) => this.#readReasons(wish.name, lines));
        break;
      case 'logs':
        this.#coverWith(`Logs of ${wish.name}`, (lines, signal) => this.#readLogs(wish.name, lines, signal));
        break;
      case 'call':
        void this.#tell(this.#call(wish));
        break;
    }
  }

  async #call({ command, name }: Extract<Wish, { kind: 'call' }>): Promise<void> {
    const waiting = command === 'process.stop' ? {} : { wait: 'none' };
    // What comes of it, the table shows.
    await ask(this.#connection, command, { name, ...waiting });
  }

  #coverWith(title: string, fill: (lines: string[], signal: AbortSignal) => Promise<void>): void {
    const over = new AbortController();
    const lines: string[] = [];
    this.#cover = { title, lines, over };
    this.#board.isCovered = true;
    void this.#tell(fill(lines, over.signal));
  }

  #uncover(): void {
    this.#cover?.over.abort();
    this.#cover = undefined;
    this.#board.isCovered = false;
  }

  async #readReasons(name: string, lines: string[]): Promise<void> {
    const explained = await ask<ExplainResult>(this.#connection, 'process.explain', { name });
    lines.push(...reasonLines(explained, this.#invocation.out.palette));
  }

  async #readLogs(name: string, lines: string[], signal: AbortSignal): Promise<void> {
    const { palette } = this.#invocation.out;
    for await (const line of this.#connection.lines(name, { tail: mostLines, follow: true, signal })) {
      lines.push(tameLine(line.text, palette));
      if (lines.length > 2 * mostLines) lines.splice(0, mostLines);
      this.#drawSoon();
    }
  }

  /** What went wrong stands in the last line, and the rest goes on. */
  async #tell(work: Promise<void>): Promise<void> {
    await work.catch((cause: unknown) => {
      this.#told = messageOf(cause);
    });
    this.#draw();
  }

  /** A flood of lines is drawn once. */
  #drawSoon(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
      this.#draw();
    }, 50);
  }

  readonly #draw = (): void => {
    if (this.#overview === undefined) return;
    const { palette, columns = 80, rows = 24 } = this.#invocation.out;
    const { now, at } = this.#overview;
    const overview = agedBy(performance.now() - at, now);
    const { manager, processes } = overview.status;
    const ready = processes.filter((view) => view.ready).length;
    const title =
      this.#cover?.title ?? `${manager.project} (pid ${manager.pid}), ${ready} of ${processes.length} ready`;
    const hint = this.#board.isCovered ? 'q back' : '↑↓ select  r restart  s stop/start  l logs  w why  ? keys  q quit';
    const foot = this.#board.question ?? (this.#told === '' ? palette.dim(hint) : this.#told);
    const room = Math.max(1, rows - 4);
    const body =
      this.#cover?.lines.slice(-room) ??
      topLines({ overview, board: this.#board, history: this.#history, palette, columns });
    const padding = Array<string>(Math.max(0, room - body.length)).fill('');
    const lines = [palette.bold(`${clockTime(Date.now())}  ${title}`), '', ...body.slice(0, room), ...padding, foot];
    this.#canvas?.draw(lines.map((line) => cut(line, columns)));
  };
}
