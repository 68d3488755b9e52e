import type { CommandPort, PublicError } from '@promptbin/core/views';
import { Catalog } from './catalog.ts';
import { admits, unite } from './choice.ts';
import { coreResources } from './core-resources.ts';
import { coreTools } from './core-tools.ts';
import { type FoundResource, findResource, pluginResources, type Resource } from './resources.ts';
import type { ToolChoice } from './settings.ts';
import { pluginTools, type Tool } from './tools.ts';

// For a manager that is on its way: a client that begins is not kept, one that calls wants an answer.
const listPatienceMs = 2000;
const callPatienceMs = 10_000;

export interface OfferOptions {
  readonly port: CommandPort;
  readonly flaskProcess: string | undefined;
  /** Beside what the config says. */
  readonly choice: ToolChoice;
  /** Hears of sets of tools that were chosen and that nobody has, once the manager has told what there is. */
  readonly onUnknownToolsets?: ((names: readonly string[]) => void) | undefined;
  /** The tools are no longer those that the client has been told of. */
  onToolsChanged(): void;
  /** The same of resources and templates. */
  onResourcesChanged(): void;
}

/** What a client is offered: what core has, whether there is a manager or not, and then what plugins have added to it. */
export class Offer {
  readonly #coreResources: readonly Resource[];
  readonly #catalog: Catalog;
  readonly #choice: ToolChoice;
  readonly #reported = new Set<string>();
  /** What the client has been told, as text to compare by; undefined as long as it has not asked. */
  readonly #told: { tools?: string; resources?: string } = {};

  constructor({ port, flaskProcess, choice, onUnknownToolsets, onToolsChanged, onResourcesChanged }: OfferOptions) {
    this.#choice = choice;
    this.#coreResources = coreResources(flaskProcess);
    this.#catalog = new Catalog(port, () => {
      this.#reportUnknown(onUnknownToolsets);
      if (this.#isNews('tools', this.#tools)) onToolsChanged();
      if (this.#isNews('resources', this.#resources)) onResourcesChanged();
    });
    void this.#catalog.refresh();
  }

  /** Asks the manager anew. Never rejects. */
  refresh(): Promise<void> {
    return this.#catalog.refresh();
  }

  /** For a client that asks for the list: a manager that is on its way is waited for, 2 s at most. Never rejects. */
  async listTools(): Promise<readonly Tool[]> {
    const tools = await this.tools();
    this.#told.tools = JSON.stringify(tools);
    return tools;
  }

  /** The same for our own use: it does not count as told. */
  async tools(): Promise<readonly Tool[]> {
    await this.#catalog.known(listPatienceMs);
    return this.#tools;
  }

  /** As `listTools`, with templates. */
  async listResources(): Promise<readonly Resource[]> {
    const resources = await this.resources();
    this.#told.resources = JSON.stringify(resources);
    return resources;
  }

  /** The same for our own use: it does not count as told. */
  async resources(): Promise<readonly Resource[]> {
    await this.#catalog.known(listPatienceMs);
    return this.#resources;
  }

  /**
   * The tool of that name, also one that has just come; undefined when there is none, and an error when nobody can say
   * whether there is. Never rejects.
   */
  async findTool(name: string): Promise<Tool | PublicError | undefined> {
    const known = this.#find(name);
    if (known !== undefined) return known;
    const fault = await this.#catalog.confirm(callPatienceMs);
    return this.#find(name) ?? fault;
  }

  /** The resource of that URI; for what is not known yet it waits as `listTools` does. Never rejects. */
  async findResource(uri: string): Promise<FoundResource | undefined> {
    return findResource(this.#resources, uri) ?? findResource(await this.resources(), uri);
  }

  /** Whether all that the manager has is known. */
  get isKnown(): boolean {
    return this.#catalog.isKnown;
  }

  #find(name: string): Tool | undefined {
    return this.#tools.find(({ listed }) => listed.name === name);
  }

  get #tools(): readonly Tool[] {
    const choice = unite(this.#choice, this.#catalog.choice);
    return [...coreTools, ...pluginTools(this.#catalog.commands)].filter((tool) => admits(choice, tool));
  }

  get #resources(): readonly Resource[] {
    return [...this.#coreResources, ...pluginResources(this.#catalog.commands)];
  }

  #reportUnknown(report: OfferOptions['onUnknownToolsets']): void {
    const all = [...coreTools, ...pluginTools(this.#catalog.commands)];
    const unknown = unite(this.#choice, this.#catalog.choice).toolsets.filter(
      (name) => !all.some(({ toolset }) => toolset === name) && !this.#reported.has(name),
    );
    for (const name of unknown) this.#reported.add(name);
    if (unknown.length > 0) report?.(unknown);
  }

  #isNews(kind: 'tools' | 'resources', offered: readonly unknown[]): boolean {
    const text = JSON.stringify(offered);
    if (this.#told[kind] === undefined || this.#told[kind] === text) return false;
    this.#told[kind] = text;
    return true;
  }
}
