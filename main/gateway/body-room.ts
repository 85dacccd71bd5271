/** What one request has of the room for bodies. */
export interface BodyShare {
  /** Takes so many bytes more. False: there is no room for them at present. */
  grow(bytes: number): boolean;
  /** Its body is not kept any more. A second call does nothing. */
  release(): void;
}

/** Bounds what the bodies of all requests take together: each alone is bounded, and so is how many may wait, but not their product. */
export interface BodyRoom {
  share(): BodyShare;
}

export function createBodyRoom(limitBytes: () => number): BodyRoom {
  let taken = 0;
  return {
    share() {
      let mine = 0;
      return {
        grow(bytes) {
          // A body for which there would never be room is let in alone: what one may have is another limit's business.
          const alone = taken === mine;
          if (!alone && taken + bytes > limitBytes()) return false;
          taken += bytes;
          mine += bytes;
          return true;
        },
        release() {
          taken -= mine;
          mine = 0;
        },
      };
    },
  };
}
