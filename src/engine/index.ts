export {
	type ConnectionLimits,
	connectionLimits,
	type Engine,
	type EngineTimeouts,
	engineTimeouts,
	type ListenAddress,
	type Listener,
	type ListenerStatistics,
	type ListenOptions,
} from './engine.ts';
