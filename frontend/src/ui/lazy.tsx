/** A part of the page that is fetched when it is first shown, and shown when it is here. */
import type { ComponentType } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { t } from '../core/text';
import { SessionContext } from './session-context';

/** The component that `load` brings. Without a connection it says so; when it is shown again it is asked for again. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let Ready: ComponentType<P> | undefined;
  return (props) => {
    const session = useContext(SessionContext);
    const [, show] = useState(false);
    useEffect(() => {
      if (Ready) return;
      load().then(
        (found) => {
          Ready = found;
          show(true);
        },
        () => session?.say(t('This part could not be loaded. Try again when the server can be reached.'), 'problem'),
      );
    }, []);
    return Ready ? <Ready {...props} /> : null;
  };
}
