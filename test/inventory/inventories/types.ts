/** Inventories by what each is about: paths and texts. The first path is the source. */
export type Inventories = Readonly<Record<string, Readonly<Record<string, string>>>>;
