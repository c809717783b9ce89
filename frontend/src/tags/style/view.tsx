import { useEffect } from 'preact/hooks';
import type { TagViewProps } from '../../core/types';
import { scopedCss } from './scope';

/** CSS of the config, as a constructed style sheet that reaches no further than the task area. */
export default function Style({ node }: TagViewProps) {
  const css = String(node.value ?? '');
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(scopedCss(css));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, [css]);
  return null;
}
