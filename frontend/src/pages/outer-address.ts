/** In the frame of a Space's page: its address follows ours, so that what people copy from the browser leads back here. The page hands `go` in when it opens. */
export function keepOuterAddress(outer: string): void {
  const send = (): void => {
    const here = location.pathname + location.search;
    window.parent.postMessage({ queryString: here === '/' ? '' : `go=${encodeURIComponent(here)}`, hash: location.hash }, outer);
  };
  send();
  // Where the browser tells of every change of address; elsewhere each new page tells its own.
  (window as { navigation?: EventTarget }).navigation?.addEventListener('currententrychange', send);
}
