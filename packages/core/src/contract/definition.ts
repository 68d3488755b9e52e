import type * as z from 'zod';
import type { Config, ConfigEnv, Json, ProcessInput } from './config.ts';
import type { Plugin } from './plugin.ts';

// What `defineConfig` takes: the compiler says of a config what promptbin would say of it, as far as types can.

type Plugins = readonly Plugin[];
type Files = string | readonly string[];

/** A config that extends no other. */
interface Complete<Ps extends Plugins> extends Pick<Config, 'env' | 'envFile' | 'secrets' | 'shared'> {
  readonly plugins?: Ps;
  readonly processes: Readonly<Record<string, ProcessInput<Ps>>>;
}

/** A config that extends others: what it leaves out is inherited, and null takes out what is. */
interface Extending<Ps extends Plugins> extends Omit<Complete<Ps>, 'processes'> {
  readonly processes?: Readonly<Record<string, Overriding<ProcessInput<Ps>> | null>>;
}

type Leaf = string | number | boolean | null | undefined | RegExp | readonly unknown[];

/** A variable that is null is unset for the process: that is not taking it out. */
type Overriding<T> = T extends Leaf
  ? T
  : { readonly [K in keyof T]?: K extends 'env' ? T[K] | null : Overriding<T[K]> | null };

/** A config as an object. `E` is the type of its `extends`, never without one. */
export type Definition<Ps extends Plugins, E> = { readonly extends?: E } & ([E] extends [never]
  ? Complete<Ps>
  : Extending<Ps>);

/** A config that is made when it is read. */
export type ConfigFunction = (env: ConfigEnv) => Config | Promise<Config>;

/**
 * The `return` of a function is not checked for keys that do not belong there, as a literal is. So what it returns, `R`,
 * is inferred as it is, and has to fit this.
 */
export type Checked<R> = R extends Promise<infer C> ? Promise<Fit<C>> : Fit<R>;

type Fit<C> = C extends { readonly plugins: infer Ps extends Plugins }
  ? FitWith<C, FieldsReadonly<Ps>>
  : FitWith<C, []>;
type FitWith<C, Ps extends Plugins> = FitAs<C, Definition<Ps, C extends { readonly extends: unknown } ? Files : never>>;
type FitAs<C, D> = Omit<D, 'plugins'> & Exact<C, D & { readonly plugins?: unknown }>;

/** `T` with each value that `S` does not allow, and each key that it does not know, turned into never. */
type Exact<T, S> = unknown extends S
  ? T
  : T extends Leaf | Instance<T>
    ? Extract<T, S>
    : { [K in keyof T]: K extends Keys<Objects<S>> ? Exact<T[K], At<Objects<S>, K>> : never };

type AnyFunction = (...args: never[]) => unknown;
/** What has methods, such as a zod schema, is judged as a whole: its keys are not what somebody wrote. */
type Instance<T> = [Extract<T[keyof T], AnyFunction>] extends [never] ? never : T;

type Objects<S> = S extends Leaf ? never : S;
type Keys<S> = S extends unknown ? keyof S : never;
type At<S, K> = S extends unknown ? (K extends keyof S ? S[K] : never) : never;

/** What is inferred as constant has readonly lists; the fields of plugins may be typed with others. */
type FieldsReadonly<Ps extends Plugins> = {
  readonly [I in keyof Ps]: Ps[I] extends Plugin<infer N, infer F>
    ? Plugin<N, z.ZodType<unknown, DeepReadonly<z.input<F>>>>
    : Ps[I];
};
type DeepReadonly<T> = unknown extends T ? T : [Json] extends [T] ? T : ReadonlyInside<T>;
// Apart, for it takes each part of a union by itself: of Json, which holds itself, that would be without end.
type ReadonlyInside<T> = T extends Exclude<Leaf, readonly unknown[]> | AnyFunction
  ? T
  : { readonly [K in keyof T]: DeepReadonly<T[K]> };

/** Any config: a context in which text, numbers and lists keep their exact types, also behind a condition. */
export type Outline = Partial<Readonly<Record<keyof Config, Open | Plugins>>>;
type Open =
  | ''
  | (string & {})
  | 0
  | (number & {})
  | boolean
  | null
  | undefined
  | RegExp
  | readonly [Open?, ...Open[]]
  | { readonly [key: string]: Open }
  | object;

export type { Files, Plugins };
