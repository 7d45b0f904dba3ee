export { type Found, LinearRegExp, type Spend } from './linear-regexp.ts';
