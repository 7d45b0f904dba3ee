export { explainRoutes, type RouteRow } from './explain-routes.ts';
export type { ParamsOf } from './params-of.ts';
export type { RouteApp, RouteServable, RouteTarget } from './read-table.ts';
export { params, type RouteContext } from './routed-context.ts';
export { routes } from './routes.ts';
export type { RoutesOptions } from './routes-options.ts';
