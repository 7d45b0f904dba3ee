/** Ends of paths that are never pages. What is missing here is found out by its Content-Type, at the cost of its ranges. */

/** In lower case, without the dot. */
export const ignoredExtensions: readonly string[] = [
	...['css', 'js', 'mjs', 'map', 'json', 'wasm', 'xml', 'rss', 'atom', 'txt', 'csv', 'ics', 'webmanifest'],
	...['png', 'gif', 'jpg', 'jpeg', 'jpe', 'ico', 'svg', 'webp', 'avif', 'jxl', 'bmp', 'tif', 'tiff', 'tga'],
	...['woff', 'woff2', 'ttf', 'otf', 'eot'],
	...['mp3', 'm4a', 'ogg', 'oga', 'opus', 'flac', 'wav', 'aac', 'vtt'],
	...['mp4', 'm4v', 'webm', 'ogv', 'mov', 'mpg', 'mpeg', 'avi', 'wmv', 'mkv', 'm3u8', 'ts', 'swf'],
	...['pdf', 'ps', 'eps', 'rtf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'odt', 'ods', 'odp', 'epub'],
	...[
		'zip',
		'gz',
		'tgz',
		'bz2',
		'xz',
		'zst',
		'br',
		'tar',
		'7z',
		'rar',
		'jar',
		'hqx',
		'dmg',
		'iso',
		'exe',
		'msi',
		'deb',
	],
];

const EXTENSION = /\.([a-z0-9]{1,12})$/i;

/** The end of the last segment of a path, in lower case and without the dot; empty when it has none. */
export function extensionOf(path: string): string {
	return EXTENSION.exec(path)?.[1]?.toLowerCase() ?? '';
}
