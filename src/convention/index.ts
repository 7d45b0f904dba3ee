export type { App, Middleware, Payload, RawRequest, RawResponse, TargetForm, Version } from './app.ts';
export { askApp } from './ask-app.ts';
export { BodyFault } from './body-fault.ts';
export { ClosableContext } from './closable-context.ts';
export {
	type Composition,
	compositionFaults,
	compositionOf,
	type Explanation,
	type FieldNote,
	type LayerNote,
	type Misfit,
	misfitsOf,
	type Need,
	noteApp,
	noteComposition,
	type Part,
	partsOf,
	type Served,
} from './composition.ts';
export type {
	Abilities,
	Address,
	ClosedListener,
	Connection,
	Context,
	FinishedListener,
	Outcome,
	Protocol,
	TlsFacts,
} from './context.ts';
export { deadline } from './deadline.ts';
export { derive, type RequestChanges } from './derive.ts';
export { DerivedContext, mounted } from './derive-context.ts';
export { type DialWatcher, dialWatcher } from './dial-watcher.ts';
export { addErrorFields, errorFields } from './error-fields.ts';
export { type ErrorVerdict, errorResponse, errorVerdict, type LogLevel } from './error-response.ts';
export {
	Abort,
	Disconnected,
	HttpError,
	type HttpErrorOptions,
	ProtocolError,
	type ProtocolErrorOptions,
	UpstreamError,
	type UpstreamErrorOptions,
} from './errors.ts';
export { ExchangeState } from './exchange-state.ts';
export { type ExplainedStep, explain } from './explain.ts';
export { type FailureLog, failureLog, tellFailure } from './failure-log.ts';
export { HeadersView } from './headers-view.ts';
export { type Client, client, type Identity, identity } from './identity.ts';
export { type Key, key, type State } from './key.ts';
export { type AnyKey, type AppKnowing, type Knowing, known, type Layer, layer } from './layer.ts';
export { installLightResponse } from './light-response.ts';
export { type LintOptions, lint } from './lint.ts';
export { LintError, type RuleNumber, rules } from './lint-error.ts';
export { mount } from './mount.ts';
export { type NativeLine, nativeLine } from './native-line.ts';
export { withOwnFields } from './own-fields.ts';
export { cancelPayload, isFileRange, isSource, payloadLength, payloadSource } from './payload.ts';
export { PendingResponse, type ResponseTaker } from './pending-response.ts';
export {
	type Phase,
	type ProxyStatusError,
	type ProxyStatusErrorRow,
	proxyStatusErrors,
} from './proxy-status-errors.ts';
export { introduce, raw, rawResponse } from './raw.ts';
export { reasonPhrase, statusLine } from './reason-phrase.ts';
export { type Circumstances, type IncomingInit, IncomingRequest, type TrailersReader } from './request.ts';
export { OutgoingResponse, type ResponseOptions, respond } from './response.ts';
export { stack } from './stack.ts';
export {
	type AttemptTrace,
	type AttemptTracer,
	attemptTracer,
	type TraceContext,
	traceContext,
} from './trace.ts';
export { type UpstreamTimer, upstreamTimer } from './upstream-timer.ts';
export { isWebSocketConnect, webSocketsByUpgrade } from './websocket-connect.ts';
export { type AnswerStep, whenAnswered } from './when-answered.ts';
