/** How many of the newest activity entries a snapshot carries. Fewer in it: there are no older ones. */
export const entriesInSnapshot = 50;
