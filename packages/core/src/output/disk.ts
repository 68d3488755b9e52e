import type { OutputLine } from '../contract/process.ts';
import { messageOf } from '../errors/error.ts';
import { DirectLog } from './direct.ts';
import { LogFile, type LogFileOptions, type LogLimits } from './file.ts';

export interface DiskSettings extends LogLimits {
  /** `direct`: the process writes to the file by itself. Holds for incarnations to come. */
  readonly mode: 'pipe' | 'direct';
  /** What is in the file: the bytes as they come, or a record of each line. */
  readonly format: 'raw' | 'json';
}

/** The output of a process on disk, in whichever way it gets there. */
export class DiskLog {
  readonly #file: LogFile;
  #options: LogFileOptions & DiskSettings;
  #direct: DirectLog | undefined;

  constructor(options: LogFileOptions & DiskSettings) {
    this.#options = options;
    this.#file = new LogFile(options);
  }

  configure(settings: DiskSettings): void {
    this.#options = { ...this.#options, ...settings };
    this.#file.configure(settings);
  }

  /** Whether somebody has to cut the output into lines for it. */
  get wantsLines(): boolean {
    return this.#direct === undefined && this.#options.format === 'json';
  }

  /** Output as it comes. */
  takeChunk(chunk: Uint8Array): void {
    if (this.#direct === undefined && this.#options.format === 'raw') this.#file.append(chunk);
  }

  /** The same in lines, when they are wanted. */
  takeLines(lines: readonly OutputLine[]): void {
    if (lines.length > 0) this.#file.append(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  }

  /**
   * A new incarnation begins.
   *
   * @param onChunk told of what it writes by itself
   * @param past so much of what is in the file is told of first, bytes
   * @returns the descriptor that it is to write to, for the caller to close; undefined when its output comes by pipes
   */
  begin(onChunk: (chunk: Uint8Array) => void, past: number): number | undefined {
    if (this.#options.mode === 'pipe') return undefined;
    this.#file.release();
    try {
      const log = new DirectLog({ ...this.#options, rotation: this.#file.rotation, onChunk, past });
      this.#direct = log;
      return log.openForWriting();
    } catch (fault) {
      // By pipes, then: nobody is held up by a log.
      this.end();
      this.#options.onFault(`cannot be written directly: ${messageOf(fault)}`);
      return undefined;
    }
  }

  /** Takes all that the process has written by itself until now. */
  catchUp(): void {
    this.#direct?.catchUp();
  }

  /** The incarnation has ended. */
  end(): void {
    this.#direct?.close();
    this.#direct = undefined;
  }

  close(): void {
    this.end();
    this.#file.close();
  }
}
