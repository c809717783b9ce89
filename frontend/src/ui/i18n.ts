/** Words on screen, for views and pages. */
export { plural, setCatalog, t } from '../core/text';
