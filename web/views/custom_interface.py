"""The page that code of a labeling set-up runs in: nothing of this site is in its reach, and nothing can be sent from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

# It may show pictures and sounds of this server, since those are what people label. Scripts of the set-up are inline by nature.
POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Interface</title>
<style>body { margin: 0; font: 14px/1.45 system-ui, sans-serif }</style></head>
<body><div id="root"></div>
<script>
(() => {
  const tell = (type, content) => parent.postMessage({ type: 'labelspace:' + type, ...content }, '*');
  const listeners = new Set();
  const state = { value: null, readonly: false };
  addEventListener('error', (event) => tell('problem', { message: event.message }));
  addEventListener('message', ({ source, data: message }) => {
    if (source !== parent || !message) return;
    if (message.type === 'labelspace:start') start(message);
    else if (message.type === 'labelspace:value') {
      state.value = message.value;
      state.readonly = message.readonly === true;
      for (const listener of listeners) listener(state.value, state.readonly);
    }
  });
  let started = false;
  function start({ code, data, inputs, outputs, value }) {
    if (started) return;
    started = true;
    state.value = value;
    const labelspace = {
      data, inputs, outputs,
      root: document.getElementById('root'),
      get value() { return state.value; },
      get readonly() { return state.readonly; },
      setValue(next) { if (!state.readonly) { state.value = next; tell('value', { value: next }); } },
      onChange(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    };
    window.labelspace = labelspace;
    new ResizeObserver(() => tell('height', { height: Math.ceil(document.documentElement.getBoundingClientRect().height) })).observe(document.documentElement);
    if (code.trimStart().startsWith('<')) {
      labelspace.root.innerHTML = code;
      // Scripts that come by innerHTML do not run by themselves.
      for (const old of labelspace.root.querySelectorAll('script')) {
        const script = document.createElement('script');
        script.textContent = old.textContent;
        old.replaceWith(script);
      }
      return;
    }
    try {
      const made = new Function('labelspace', code.replace(/^\\s*export\\s+default\\s+/m, 'return '))(labelspace);
      if (typeof made === 'function') made(labelspace);
    } catch (error) {
      tell('problem', { message: String(error) });
    }
  }
  tell('ready', { version: 1 });
})();
</script></body></html>
"""


def frame(request: HttpRequest) -> HttpResponse:
    """The empty page; what it is to run comes by message from the labelling page around it."""
    return HttpResponse(PAGE, headers={"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=3600"})
