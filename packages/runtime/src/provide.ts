/** Also of classes whose constructor is private. */
interface Class<T> extends Function {
  readonly prototype: T;
}
type Instances<Tokens extends readonly Class<unknown>[]> = { [I in keyof Tokens]: Tokens[I] extends { prototype: infer Instance } ? Instance : never };

/** A factory in the form that Nest takes, its parts typed by the classes that they are asked for by. */
export function provide<T, const Tokens extends readonly Class<unknown>[]>(token: Class<T>, inject: Tokens, useFactory: (...parts: Instances<Tokens>) => T | Promise<T>) {
  return { provide: token, inject: [...inject], useFactory: useFactory as (...parts: unknown[]) => T | Promise<T> };
}
