declare module 'virtual:tag-table' {
  const table: readonly import('./core/tag-table').TagRow[];
  export default table;
}
