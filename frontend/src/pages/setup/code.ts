/** CodeMirror for labeling configs; loaded only where somebody edits one. */
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { type ElementSpec, xml } from '@codemirror/lang-xml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { configElements } from './elements';

export interface CodeEditor {
  text: () => string;
  setText: (text: string) => void;
  /** Marks the problems in their lines: "Line 3, column 5: …". */
  showProblems: (problems: readonly string[]) => void;
  destroy: () => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--accent-text)' },
  { tag: tags.attributeValue, color: 'var(--success-text)' },
  { tag: tags.comment, color: 'var(--ink-quiet)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--danger-text)' },
]);

const look = EditorView.theme({
  '&': { maxHeight: '56dvh', minHeight: '240px', fontSize: '13px', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)', minHeight: '240px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-quiet)', border: '0' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: '6px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--accent-text)' },
});

export function mountCode(parent: HTMLElement, source: string, label: string, onChange: (text: string) => void): CodeEditor {
  const elements: readonly ElementSpec[] = configElements();
  // In a shadow root CodeMirror adopts its style sheets; in the document it would write <style>, which the policy forbids.
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: source,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        syntaxHighlighting(colours),
        look,
        xml({ elements }),
        autocompletion(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        // Tab indents; Escape, then Tab leaves the field, so that nobody is trapped.
        keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (text) => {
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    showProblems: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => diagnostic(view.state, problem)),
        ),
      ),
    destroy: () => view.destroy(),
  };
}

function diagnostic(state: EditorState, problem: string): Diagnostic {
  const where = /^Line (\d+), column (\d+): ([\s\S]*)$/.exec(problem);
  const line = state.doc.line(Math.min(state.doc.lines, Math.max(1, Number(where?.[1] ?? 1))));
  const from = Math.min(line.to, line.from + Math.max(0, Number(where?.[2] ?? 1) - 1));
  return { from, to: where ? Math.max(from, line.to) : line.to, severity: 'error', message: where?.[3] ?? problem };
}
