export { explainRoutes, type RouteRow } from './explain-routes.ts';
export type { ParamsOf } from './params-of.ts';
export { type PathMatch, PathTable, patternOf } from './path-table.ts';
export { oneSlash, PathTemplate } from './path-template.ts';
export type { RouteApp, RouteServable, RouteTarget } from './read-table.ts';
export { judgePath, pathStart } from './request-path.ts';
export { params, type RouteContext } from './routed-context.ts';
export { routes } from './routes.ts';
export type { RoutesOptions } from './routes-options.ts';
