/** Remembers at least the last so many ids. In two halves: to look for the oldest one in a set costs more the more have been deleted from it. */
export class RecentIds {
  private ids = new Set<string>();
  private older = new Set<string>();

  constructor(private readonly limit: number) {}

  /** Whether the id is new; it is remembered from now on. */
  add(id: string): boolean {
    if (this.ids.has(id) || this.older.has(id)) return false;
    if (this.ids.size >= this.limit) {
      this.older = this.ids;
      this.ids = new Set();
    }
    this.ids.add(id);
    return true;
  }

  /** The id counts as new again. */
  forget(id: string): void {
    this.ids.delete(id);
    this.older.delete(id);
  }
}
