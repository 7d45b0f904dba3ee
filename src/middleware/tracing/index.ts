export type { Telemetry, TelemetrySpan, TelemetryTracer, TracingOptions } from './options.ts';
export { tracing } from './tracing.ts';
