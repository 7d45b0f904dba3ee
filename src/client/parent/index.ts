export { basicAuthorization } from './authorization.ts';
export { refusal } from './connect-handshake.ts';
export { type Onward, type ParentWay, parentDialler, wayThrough } from './dial-parent.ts';
export { type Parent, type ParentOptions, parentOption, parseParent } from './parent.ts';
