export { type LinkMapper, linkMapper } from './link-mapper.ts';
export { prefixAttributes, prefixComment, prefixCss } from './prefix-urls.ts';
export { urlJoin } from './url-join.ts';
