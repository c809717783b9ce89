declare module 'virtual:tag-table' {
  const table: readonly import('./core/tag-table').TagRow[];
  export default table;
}

declare module 'virtual:pdf-resources' {
  export const address: string;
  export const places: Readonly<Record<string, readonly [number, number]>>;
}
