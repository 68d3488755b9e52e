import type { Config } from '../contract/config.ts';
import type { ConfigSource } from '../contract/config-source.ts';
import type { ReloadOptions, ReloadReport } from '../contract/manager.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { redactFault } from '../secrets/fault.ts';
import { applyChange, type ChangeHost, foreseeChange } from './change.ts';
import { closedError } from './handle.ts';

/** A config as it comes from a file. */
export interface LoadedInput {
  readonly config: Config;
  readonly source?: ConfigSource | undefined;
}

/** What reloads have brought over the files, each on top of those before. */
export interface ReloadSettings {
  /** Such as `web.port=0`. */
  readonly set: readonly string[];
  /** What a config that is a function is told. */
  readonly mode?: string | undefined;
}

export type LoadConfig = (given: ReloadSettings) => Promise<LoadedInput>;

type LoadInput = () => Promise<LoadedInput>;

/** How the config of a manager is replaced while it runs: one reload after another. */
export class Reloading {
  readonly #host: ChangeHost;
  readonly #load: LoadConfig;
  #given: ReloadSettings = { set: [] };
  #queue: Promise<unknown> = Promise.resolve();
  /** Resolves when nothing is being changed. */
  #changing: Promise<void> = Promise.resolve();

  /** @param load tells what the file says now; absent when there is none */
  constructor(host: ChangeHost, load: LoadConfig = noFile) {
    this.#host = host;
    this.#load = load;
  }

  /** See `Manager.reload`. */
  reload(config: Config, { dryRun = false, source }: ReloadOptions = {}): Promise<ReloadReport> {
    return this.#enqueue(dryRun, async () => ({ config, source }));
  }

  /**
   * The same with what the file says now. Settings that come with it hold from then on, unless it is refused. Throws also
   * what loading it throws, `PB_CONFIG_RELOAD` when there is no file.
   */
  reloadFile(dryRun: boolean, { set, mode = this.#given.mode }: ReloadSettings = { set: [] }): Promise<ReloadReport> {
    const given = (): ReloadSettings => ({ set: [...this.#given.set, ...set], mode });
    return this.#enqueue(
      dryRun,
      () => this.#load(given()),
      () => {
        this.#given = given();
      },
    );
  }

  /** Resolves when what is being changed has been. Once the manager is closing, no change begins. */
  ended(): Promise<void> {
    return this.#changing;
  }

  #enqueue(dryRun: boolean, load: LoadInput, taken = (): void => {}): Promise<ReloadReport> {
    const report = this.#queue.then(() => this.#run(dryRun, load, taken));
    this.#queue = report.catch(() => undefined);
    return report;
  }

  async #run(dryRun: boolean, load: LoadInput, taken: () => void): Promise<ReloadReport> {
    const { kernel } = this.#host;
    const changing = Promise.withResolvers<void>();
    try {
      if (kernel.closing.aborted) throw closedError();
      const { config, source } = await load();
      if (dryRun) return await foreseeChange(this.#host, config, source);
      const report = await applyChange(this.#host, config, source, () => {
        this.#changing = changing.promise;
      });
      taken();
      return report;
    } catch (fault) {
      // What the end of the manager has cut short says nothing about the config.
      throw kernel.closing.aborted ? closedError() : this.#refuse(fault, dryRun);
    } finally {
      changing.resolve();
    }
  }

  #refuse(fault: unknown, dryRun: boolean): unknown {
    const { kernel, at } = this.#host;
    const shown = redactFault(fault, kernel.redactor);
    const code = PromptbinError.is(shown) ? shown.code : 'PB_CONFIG_RELOAD';
    const file = at.file === undefined ? {} : { file: at.file };
    if (!dryRun) kernel.post(() => kernel.bus.append('config.rejected', { ...file, code, message: messageOf(shown) }));
    return shown;
  }
}

async function noFile(): Promise<never> {
  throw new PromptbinError('PB_CONFIG_RELOAD', 'This manager was made by a program: it has no file to load again.', {
    hint: 'Call `manager.reload(config)`, or pass `load` to `createManager`.',
  });
}
