// The scrollbar package is CommonJS; under Node's import rules its default export is one level deeper.
import * as scrollbars from './node_modules/react-custom-scrollbars-2/lib/index.js';
const inner = scrollbars.default ?? scrollbars;
export const Scrollbars = inner.Scrollbars ?? inner.default ?? inner;
export default Scrollbars;
