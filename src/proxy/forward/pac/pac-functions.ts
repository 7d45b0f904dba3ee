/**
 * The functions that a PAC file may call, as Netscape defined them in 1996, written in the file's own language: they run where it
 * runs, inside. Two things come from outside: `lookUp(name)`, an address or null, and `ownAddress`. Globs are matched
 * without regular expressions, which a file could make run for ever.
 */
export const PAC_FUNCTIONS: string = `
'use strict';
function isPlainHostName(host) { return String(host).indexOf('.') < 0; }
function dnsDomainIs(host, domain) { return String(host).endsWith(String(domain)); }
function localHostOrDomainIs(host, name) { return host === name || (isPlainHostName(host) && String(name).startsWith(host + '.')); }
function dnsDomainLevels(host) { return String(host).split('.').length - 1; }
function dnsResolve(host) { return lookUp(String(host)); }
function isResolvable(host) { return dnsResolve(host) !== null; }
function myIpAddress() { return ownAddress; }
function convert_addr(address) {
	var parts = String(address).split('.');
	return ((parts[0] & 255) << 24) | ((parts[1] & 255) << 16) | ((parts[2] & 255) << 8) | (parts[3] & 255);
}
function isInNet(host, net, mask) {
	var address = /^\\d{1,3}(\\.\\d{1,3}){3}$/.test(host) ? host : dnsResolve(host);
	if (address === null || address.indexOf(':') >= 0) return false;
	return (convert_addr(address) & convert_addr(mask)) === (convert_addr(net) & convert_addr(mask));
}
function shExpMatch(text, glob) {
	text = String(text); glob = String(glob);
	var at = 0, g = 0, star = -1, mark = 0;
	while (at < text.length) {
		if (g < glob.length && glob[g] === '*') { star = g++; mark = at; }
		else if (g < glob.length && (glob[g] === '?' || glob[g] === text[at])) { g++; at++; }
		else if (star >= 0) { g = star + 1; at = ++mark; }
		else return false;
	}
	while (g < glob.length && glob[g] === '*') g++;
	return g === glob.length;
}
var pacDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
var pacMonths = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
function pacArguments(given) {
	var list = Array.prototype.slice.call(given);
	var gmt = list[list.length - 1] === 'GMT';
	if (gmt) list.pop();
	var now = new Date(pacNow());
	function get(what) { return gmt ? now['getUTC' + what]() : now['get' + what](); }
	return { list: list, get: get };
}
function pacBetween(value, from, to) { return from <= to ? from <= value && value <= to : value >= from || value <= to; }
function weekdayRange() {
	var given = pacArguments(arguments);
	var from = pacDays.indexOf(given.list[0]), to = pacDays.indexOf(given.list[given.list.length > 1 ? 1 : 0]);
	return from >= 0 && to >= 0 && pacBetween(given.get('Day'), from, to);
}
function timeRange() {
	var given = pacArguments(arguments), l = given.list.map(Number);
	var h = given.get('Hours'), seconds = h * 3600 + given.get('Minutes') * 60 + given.get('Seconds');
	if (l.length === 1) return h === l[0];
	if (l.length === 2) return pacBetween(h, l[0], l[1] - (l[0] < l[1] ? 1 : 0));
	if (l.length === 4) return pacBetween(seconds, l[0] * 3600 + l[1] * 60, l[2] * 3600 + l[3] * 60);
	if (l.length === 6) return pacBetween(seconds, l[0] * 3600 + l[1] * 60 + l[2], l[3] * 3600 + l[4] * 60 + l[5]);
	return false;
}
function dateRange() {
	var given = pacArguments(arguments), half = given.list.length > 1 ? given.list.length / 2 : 1;
	function number(parts, like) {
		var out = 0;
		parts.forEach(function (part) {
			var month = pacMonths.indexOf(part);
			if (month >= 0) out += like('Month', month) * 100;
			else if (part > 31) out += like('FullYear', part) * 10000;
			else out += like('Date', part);
		});
		return out;
	}
	function own(what, value) { return Number(value); }
	function today(what) { return given.get(what); }
	var list = given.list;
	// A date that is whole: one argument for each part, once.
	if (list.length === 3 || half !== Math.floor(half)) return number(list, own) === number(list, today);
	if (list.length === 2 && typeof list[0] !== typeof list[1]) return number(list, own) === number(list, today);
	var from = list.slice(0, half), to = list.length > 1 ? list.slice(half) : from;
	return pacBetween(number(from, today), number(from, own), number(to, own));
}
function alert() {}
`;
