declare module 'virtual:tag-table' {
  const table: readonly import('./core/tag-table').TagRow[];
  export default table;
}

declare module 'virtual:pdf-resources' {
  export const address: string;
  /** The folder of the decoders of pictures, with a slash at its end. */
  export const decoders: string;
  export const places: Readonly<Record<string, readonly [number, number]>>;
}
