/** Remembers the last so many ids. */
export class RecentIds {
  private readonly ids = new Set<string>();

  constructor(private readonly limit: number) {}

  /** Whether the id is new; it is remembered from now on. */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > this.limit) this.ids.delete(this.ids.values().next().value as string);
    return true;
  }

  /** The id counts as new again. */
  forget(id: string): void {
    this.ids.delete(id);
  }
}
