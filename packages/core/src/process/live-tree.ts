import { groupExists, signalGroup, signalProcess } from './kill.ts';
import { processTable, type TableEntry } from './process-table.ts';
import { hasProcfs, isAlive } from './procfs.ts';
import { findMembers, type Root } from './tree.ts';

export interface Member {
  readonly pid: number;
  /** False for what only descends from the tree: the processes between may end it in their own way first. */
  readonly own: boolean;
}

/** The processes of one incarnation, followed until each of them is dead. */
export interface LiveTree {
  /** Its living members, found anew. When there is none, there will never be one again. */
  find(): Promise<readonly Member[]>;
  isAlive(member: Member): boolean;
  /** Sends signals, in order, to members just found; returns those that could be reached. */
  signal(members: readonly Member[], ...signals: readonly NodeJS.Signals[]): readonly Member[];
}

export function followTree(root: Root): LiveTree {
  return hasProcfs ? new ProcfsTree(root) : new GroupTree(root.pid);
}

interface Followed extends TableEntry, Member {}

/** Members are known by pid and start time. Once found, one stays a member, whatever group or parent it moves to. */
class ProcfsTree implements LiveTree {
  readonly #root: Root;
  #members: ReadonlyMap<number, Followed> = new Map();
  #ended = false;

  constructor(root: Root) {
    this.#root = root;
  }

  async find(): Promise<readonly Followed[]> {
    if (this.#ended) return [];
    const snapshot = await processTable.sweep();
    const { own, descended } = findMembers(snapshot, this.#root);
    const members = new Map<number, Followed>();
    for (const { pid, startTime, own } of this.#members.values()) {
      const entry = snapshot.get(pid);
      if (entry?.startTime === startTime) members.set(pid, { ...entry, own });
    }
    for (const entry of descended) if (!members.has(entry.pid)) members.set(entry.pid, { ...entry, own: false });
    for (const entry of own) members.set(entry.pid, { ...entry, own: true });
    this.#members = members;
    this.#ended = members.size === 0;
    return [...members.values()];
  }

  isAlive(member: Followed): boolean {
    return isAlive(member);
  }

  signal(members: readonly Followed[], ...signals: readonly NodeJS.Signals[]): readonly Followed[] {
    const { pid, cgroup } = this.#root;
    const [strays, inGroup] = [members.filter((m) => m.pgid !== pid), members.filter((m) => m.pgid === pid)];
    // As long as one verified member is in the group, the number of the group cannot be anybody else's.
    const reached = inGroup.some(isAlive) && signalGroup(pid, signals) ? inGroup : [];
    const told = [...reached, ...strays.filter((stray) => signalProcess(stray, signals))];
    // After them: who is dead already would not be told of.
    if (signals.includes('SIGKILL')) cgroup?.kill();
    return told;
  }
}

/**
 * Without `/proc` (macOS) there is only the group: who left it is not found, and the leader stands for all members. The
 * number of a group cannot be taken by another one while it exists, and nobody asks again once it was found empty.
 */
export class GroupTree implements LiveTree {
  readonly #leader: Member;

  constructor(pid: number) {
    this.#leader = { pid, own: true };
  }

  async find(): Promise<readonly Member[]> {
    return this.isAlive(this.#leader) ? [this.#leader] : [];
  }

  isAlive({ pid }: Member): boolean {
    return groupExists(pid);
  }

  signal(members: readonly Member[], ...signals: readonly NodeJS.Signals[]): readonly Member[] {
    return members.filter(({ pid }) => signalGroup(pid, signals));
  }
}
