/**
 * A directory as an app (RFC 9110 sections 8, 13 and 14): what is asked for is looked up here, and answered by the files
 * beside. Nothing outside of the directory is ever shown, whatever the target, the links or the encodings.
 */
import { openFileSource } from '../bytes/index.ts';
import { type App, type Context, HttpError, noteApp, type RawRequest, raw, respond } from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { listing } from './listing.ts';
import { mediaType } from './media-type.ts';
import { closeFile, type Directory, type OpenFile, openFile } from './open-file.ts';
import { type FilesOptions, type Settings, settingsOf } from './options.ts';
import { type PathSegments, pathSegments, queryOf } from './path-segments.ts';
import { preconditions, rangeApplies } from './preconditions.ts';
import { partial, rangesOf } from './ranges.ts';
import { Root } from './root.ts';
import { validatorsOf } from './validators.ts';
import { type Variant, variantOf } from './variant.ts';

const ALLOW = { Allow: 'GET, HEAD, OPTIONS' };

/**
 * The files of a directory: GET and HEAD with ranges, conditions and variants compressed beforehand; the path is that
 * below the mount. Throws TypeError for a directory that is none and for options that cannot be meant.
 */
export function files(directory: string | URL, options: FilesOptions = {}): App {
	const root = new Root(directory);
	const settings = settingsOf(options);
	const app: App = (request, context) => {
		const message = raw(request);
		if (message.method === 'OPTIONS') return respond(204, ALLOW);
		if (message.method !== 'GET' && message.method !== 'HEAD') throw new HttpError(405, { fields: ALLOW });
		message.payload?.cancel();
		const path = pathSegments(message.target);
		if (path === null) return absent(request, context, settings);
		return answer(root, path, settings, message, context);
	};
	const { otherwise } = settings;
	return noteApp(app, 'files', `Answers with a file of ${String(directory)}.`, otherwise === null ? [] : [otherwise]);
}

async function answer(
	served: Root,
	path: PathSegments,
	settings: Settings,
	request: RawRequest,
	context: Context,
): Promise<Response> {
	const root = await served.realPath();
	const found = await openFile(root, path.names, settings);
	if (found?.kind === 'directory') return directory(root, found, path, settings, request, context);
	if (found === null) return absent(request, context, settings);
	if (!path.directory) return file(root, path.names, found, settings, request);
	closeFile(found);
	return absent(request, context, settings);
}

function absent(request: Request, context: Context, { otherwise }: Settings): Response | Promise<Response> {
	if (otherwise !== null) return otherwise(request, context, context);
	throw new HttpError(404);
}

async function directory(
	root: string,
	found: Directory,
	path: PathSegments,
	settings: Settings,
	request: RawRequest,
	context: Context,
): Promise<Response> {
	if (!path.directory && path.names.length > 0) return toSlash(path, request);
	for (const name of settings.index) {
		const names = [...path.names, name];
		const index = await openFile(root, names, settings);
		if (index?.kind === 'file') return file(root, names, index, settings, request);
	}
	if (!settings.listing) return absent(request, context, settings);
	const shown = `${context.mount}/${path.names.map((name) => `${name}/`).join('')}`;
	const page = await listing(found.path, shown, settings.dotFiles === 'hide');
	return respond(200, { 'Content-Type': 'text/html; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }, page);
}

/** Relative links of the page need the slash. The reference is relative as well, so that it can lead nowhere else. */
function toSlash(path: PathSegments, request: RawRequest): Response {
	const last = encodeURIComponent(path.names[path.names.length - 1] as string);
	return respond(308, { Location: `./${last}/${queryOf(request.target)}` });
}

async function file(
	root: string,
	names: readonly string[],
	original: OpenFile,
	settings: Settings,
	request: RawRequest,
): Promise<Response> {
	const variant = await variantOf(root, names, original, request.fields.get('accept-encoding'), settings);
	try {
		return fileResponse(names, variant, settings, request);
	} catch (error) {
		closeFile(variant.file);
		throw error;
	}
}

/** Takes the open file over, unless it throws. */
function fileResponse(
	names: readonly string[],
	{ file: open, coding, varies }: Variant,
	settings: Settings,
	request: RawRequest,
): Response {
	const validators = validatorsOf(open.stat, coding, Date.now());
	const fields = FieldList.of({ ETag: validators.etag, 'Last-Modified': validators.lastModified });
	if (varies) fields.append('Vary', 'Accept-Encoding');
	const control = settings.cacheControl(`/${names.join('/')}`);
	if (control !== null) fields.append('Cache-Control', control);
	const verdict = preconditions(request.fields, validators);
	if (verdict === 412) throw new HttpError(412);
	if (verdict === 304) {
		closeFile(open);
		return respond(304, fields);
	}
	fields.append('Accept-Ranges', 'bytes');
	fields.append('Content-Type', mediaType(names[names.length - 1] as string, settings.types));
	fields.append('X-Content-Type-Options', 'nosniff');
	if (coding !== '') fields.append('Content-Encoding', coding);
	const length = Number(open.stat.size);
	// RFC 9110 section 14.2: ranges are for GET alone.
	const asksRange = request.method === 'GET' && rangeApplies(request.fields, validators);
	const ranges = asksRange ? rangesOf(request.fields, length) : null;
	if (ranges === 'none') throw new HttpError(416, { fields: { 'Content-Range': `bytes */${length}` } });
	if (ranges === null) return respond(200, fields, openFileSource(open.descriptor, [{ start: 0, length }]));
	return respond(206, fields, openFileSource(open.descriptor, partial(fields, ranges, length)));
}
