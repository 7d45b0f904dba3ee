/**
 * The state of one direction of a connection. The table does not know which role we play, nor which direction it is:
 * a message is a head and a body whoever sends it. What depends on both directions at once (whether the connection can
 * be used again) is asked of the two states by the connection, and is not here.
 *
 * docs/states.md is printed from this table; a test fails when they differ.
 */

const names = ['IDLE', 'HEAD', 'BODY', 'DONE', 'SWITCHED', 'ENDED', 'FAILED'] as const;
export type StateName = (typeof names)[number];
export const stateNames: readonly StateName[] = names;

const events = ['PART', 'INTERIM', 'HEAD', 'COMPLETE', 'NEXT', 'SWITCH', 'END', 'FAIL'] as const;
export type StateEventName = (typeof events)[number];

/** Between messages, or before the final head when only informational ones have come. */
export const IDLE = 0;
/** A part of a head has come. */
export const HEAD = 1;
/** The head is over; the body, if there is one, is not. */
export const BODY = 2;
/** The message is complete. */
export const DONE = 3;
/** The bytes that follow are not HTTP. */
export const SWITCHED = 4;
/** The peer has finished sending, between messages. */
export const ENDED = 5;
/** A rule was broken; nothing more is read. */
export const FAILED = 6;

/** Part of a head. */
export const ON_PART = 0;
/** An informational head. */
export const ON_INTERIM = 1;
/** The final head. */
export const ON_HEAD = 2;
/** The last byte of the message. */
export const ON_COMPLETE = 3;
/** The owner is ready for another message. */
export const ON_NEXT = 4;
/** The owner takes the connection for a tunnel. */
export const ON_SWITCH = 5;
/** The stream of bytes ended where a message may end. */
export const ON_END = 6;
/** A rule was broken. */
export const ON_FAIL = 7;

type Row = Partial<Record<StateEventName, StateName>>;

export const transitions: Readonly<Record<StateName, Row>> = {
	IDLE: { PART: 'HEAD', INTERIM: 'IDLE', HEAD: 'BODY', END: 'ENDED', FAIL: 'FAILED' },
	HEAD: { PART: 'HEAD', INTERIM: 'IDLE', HEAD: 'BODY', FAIL: 'FAILED' },
	BODY: { COMPLETE: 'DONE', SWITCH: 'SWITCHED', FAIL: 'FAILED' },
	DONE: { NEXT: 'IDLE', SWITCH: 'SWITCHED', END: 'DONE' },
	SWITCHED: { END: 'SWITCHED' },
	ENDED: { END: 'ENDED' },
	FAILED: { END: 'FAILED' },
};

/** What `after` answers for an event that the state does not allow. */
export const NOWHERE = -1;

const flat = new Int8Array(names.length * events.length).fill(NOWHERE);
names.forEach((from, state) => {
	events.forEach((event, column) => {
		const to = transitions[from][event];
		if (to !== undefined) flat[state * events.length + column] = names.indexOf(to);
	});
});

/** The state that follows, or NOWHERE. */
export function after(state: number, event: number): number {
	return flat[state * events.length + event] as number;
}
