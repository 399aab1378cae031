/** Objects of one kind by id, in the order of their creation. Replacing one keeps its place. */
export class Collection<T extends { readonly id: string }> {
  readonly #byId = new Map<string, T>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  put(object: T): T {
    this.#byId.set(object.id, object)
    this.#onChange()
    return object
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#onChange()
  }

  oldestFirst(): IterableIterator<T> {
    return this.#byId.values()
  }

  newestFirst(matches: (object: T) => boolean = () => true): T[] {
    return [...this.#byId.values()].filter(matches).reverse()
  }
}
