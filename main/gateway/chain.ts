/** What stands in a chain, with its neighbours there. */
export interface Link<T> {
  before: T | null;
  after: T | null;
}

/** Things in the order in which they came, each of which can leave at any time; while they are gone through, only the one that is looked at. */
export interface Chain<T extends Link<T>> extends Iterable<T> {
  add(link: T): void;
  has(link: T): boolean;
  /** False: it was not there. */
  remove(link: T): boolean;
  size(): number;
}

/**
 * For what comes and goes with every request, where a Set would do but for one thing: each time a Set makes itself a smaller table, the old
 * one refers to the new. Once the garbage collector has moved one of them to the old ones, all that follow are kept until its next
 * great tidying, with every request that they ever held, and each small one takes milliseconds instead of one.
 */
export function createChain<T extends Link<T>>(): Chain<T> {
  let first: T | null = null;
  let last: T | null = null;
  let size = 0;
  const has = (link: T): boolean => link.before !== null || first === link;
  return {
    add(link) {
      if (has(link)) return;
      link.before = last;
      if (last === null) first = link;
      else last.after = link;
      last = link;
      size += 1;
    },
    has,
    remove(link) {
      if (!has(link)) return false;
      const { before, after } = link;
      if (before === null) first = after;
      else before.after = after;
      if (after === null) last = before;
      else after.before = before;
      // Gone means that it leads to nobody any more.
      link.before = null;
      link.after = null;
      size -= 1;
      return true;
    },
    size: () => size,
    *[Symbol.iterator]() {
      let next: T | null = null;
      for (let link = first; link !== null; link = next) {
        // Read before: the one that is being looked at may leave.
        next = link.after;
        yield link;
      }
    },
  };
}
