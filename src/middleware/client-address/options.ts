/** Whom to believe. There is no default: a guess here is a hole. */
import { AddressSet } from '../../addresses/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

export interface ClientAddressOptions {
	/**
	 * The proxies in front of us: addresses, ranges (`10.0.0.0/8`), the names `loopback`, `private`, `link-local`, and `unix`
	 * for whoever comes by a socket of the file system. Nobody else is believed.
	 */
	readonly trust: readonly string[];
	/** The field in which they say who asked them: the one that they write. The other one is ignored, and taken off. */
	readonly field: 'Forwarded' | 'X-Forwarded-For';
}

export interface Settings {
	readonly trust: AddressSet;
	/** RFC 7239's field. */
	readonly standard: boolean;
}

/** Throws TypeError with the option's name and the reason. */
export function settingsOf(options: ClientAddressOptions): Settings {
	checkObject('clientAddress', options, "{ trust: ['loopback'], field: 'X-Forwarded-For' }");
	checkNames('clientAddress: ', options, ['trust', 'field']);
	const { trust, field } = options;
	if (!Array.isArray(trust)) throw new TypeError('clientAddress: trust must be a list of addresses and ranges');
	if (trust.length === 0) {
		throw new TypeError('clientAddress: trust is empty: without a trusted proxy this layer has nothing to do');
	}
	if (field !== 'Forwarded' && field !== 'X-Forwarded-For') {
		const given = shown(field);
		throw new TypeError(
			`clientAddress: field must be 'Forwarded' or 'X-Forwarded-For', the one that your proxy writes, not ${given}`,
		);
	}
	return { trust: new AddressSet('clientAddress: trust', trust), standard: field === 'Forwarded' };
}
