declare const types: unique symbol;

/** Something that a station's answer to us tells of it, whatever version it speaks, such as which value a configuration key has. */
export interface Finding<Body> {
  readonly name: string;
  readonly [types]?: Body;
}

export function finding<Body>(name: string): Finding<Body> {
  return { name };
}

/** A finding that was made. */
export interface Found {
  readonly finding: Finding<unknown>;
  readonly body: unknown;
}

export function found<Body>(what: Finding<Body>, body: Body): Found {
  return { finding: what, body };
}
