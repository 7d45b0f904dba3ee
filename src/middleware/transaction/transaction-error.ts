/** What can go wrong with a transaction beside the database's own errors. */

export type TransactionErrorCode = 'COMMIT_FAILED' | 'ROLLBACK_FAILED' | 'TRANSACTION_OVER' | 'NO_TRANSACTION';

const MESSAGES: Readonly<Record<TransactionErrorCode, string>> = {
	COMMIT_FAILED: 'The transaction could not be committed',
	ROLLBACK_FAILED: 'The transaction could not be rolled back',
	TRANSACTION_OVER: "The transaction of this request has ended; a body that reads from it needs commit: 'after-body'",
	NO_TRANSACTION: 'This request has not passed the transaction: put it around the app',
};

/** Answered with 500 and logged as an error, like every error that is not an HttpError. `cause` is the database's error. */
export class TransactionError extends Error {
	override readonly name: string = 'TransactionError';
	readonly code: TransactionErrorCode;

	constructor(code: TransactionErrorCode, cause?: unknown) {
		super(MESSAGES[code], cause === undefined ? undefined : { cause });
		this.code = code;
	}
}
