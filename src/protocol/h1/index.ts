export { H1Connection } from './connection.ts';
export {
	CHUNKED,
	type Framing,
	type H1Events,
	NONE,
	type RequestHead,
	type ResponseHead,
	type Role,
	UNTIL_CLOSE,
} from './events.ts';
export { isBodiless } from './framing.ts';
export { type Flow, Intake, type IntakeOwner } from './intake.ts';
export { latin1 } from './latin1.ts';
export { type H1Leniencies, h1Leniencies } from './leniencies.ts';
export { type H1Limits, h1Limits } from './limits.ts';
export { LocalViolation, type LocalViolationCode } from './local-violation.ts';
export { BODY, DONE, ENDED, FAILED, HEAD, IDLE, type StateName, SWITCHED, stateNames } from './states.ts';
export { type Violation, type ViolationCode, violations } from './violations.ts';
