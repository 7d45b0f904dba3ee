/**
 * The numbers of FastCGI 1.0 (https://fastcgi-archives.github.io/FastCGI_Specification.html, section 8). What lives here
 * is what stands in a record's header and in the fixed bodies; what records mean for an exchange is in connection.ts.
 */

/** The only version there is. */
export const VERSION = 1;
/** Bytes of a record's header. */
export const HEADER = 8;
/** Bytes of content that one record can carry. */
export const MOST_CONTENT = 65_535;
/** The role in which a server answers requests; the others are for authorizers and filters. */
export const RESPONDER = 1;
/** Flag of BEGIN_REQUEST: the connection outlives the request. */
export const KEEP_CONN = 1;
/** One request at a time goes over a connection, so one id is enough. Id 0 is for management. */
export const REQUEST_ID = 1;
export const MANAGEMENT = 0;

/** The types of records by name. */
export const types = {
	BEGIN_REQUEST: 1,
	ABORT_REQUEST: 2,
	END_REQUEST: 3,
	PARAMS: 4,
	STDIN: 5,
	STDOUT: 6,
	STDERR: 7,
	DATA: 8,
} as const;

/** Types above this one are for management. */
export const LAST_OF_REQUESTS: number = types.DATA;

/** What END_REQUEST says of the request (section 5.5). */
export const protocolStatus = {
	REQUEST_COMPLETE: 0,
	CANT_MPX_CONN: 1,
	OVERLOADED: 2,
	UNKNOWN_ROLE: 3,
} as const;
