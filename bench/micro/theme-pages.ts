/** Pages such as Plone makes them: a listing between header, navigation, portlets and footer. */

const HEAD = `<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
  <meta charset="utf-8">
  <title>News &mdash; Example site</title>
  <meta name="generator" content="Plone - https://plone.org">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <link rel="canonical" href="http://localhost:8080/site/news">
  <link rel="stylesheet" href="http://localhost:8080/site/++plone++static/bundle.css?version=2024-05-01">
  <link rel="shortcut icon" type="image/x-icon" href="http://localhost:8080/site/favicon.ico">
  <script src="http://localhost:8080/site/++plone++static/bundle.js?version=2024-05-01"></script>
  <script>if (window.top !== window && 1 < 2) { document.documentElement.className += ' framed'; }</script>
</head>
<body id="visual-portal-wrapper-body" class="template-listing_view portaltype-folder site-site section-news subsection-2024 icons-on thumbs-on frontend viewpermission-view userrole-anonymous" data-base-url="http://localhost:8080/site/news">
<div id="visual-portal-wrapper">
  <header id="portal-top"><div id="portal-header">
    <p class="hiddenStructure"><a accesskey="2" href="#content">Skip to content.</a></p>
    <a id="portal-logo" title="Site" href="http://localhost:8080/site"><img src="/site/logo.png" alt="Plone site" height="56" width="215"></a>
    <div id="portal-searchbox"><form id="searchGadget_form" action="http://localhost:8080/site/search"><label for="searchGadget">Search</label> <input name="SearchableText" type="text" size="18" id="searchGadget" class="searchField"><input class="searchButton" type="submit" value="Search"></form></div>
  </div></header>
  <nav id="portal-globalnav-wrapper"><ul id="portal-globalnav">
    <li id="portaltab-index_html" class="plain"><a href="/site">Home</a></li>
    <li id="portaltab-news" class="selected"><a href="/site/news">News</a></li>
    <li id="portaltab-events" class="plain"><a href="/site/events">Events</a></li>
    <li id="portaltab-members" class="plain"><a href="/site/members">Users</a></li>
  </ul></nav>
  <nav id="portal-breadcrumbs"><span>You are here:</span> <a href="http://localhost:8080/site">Home</a> <span>News</span></nav>
  <aside id="global_statusmessage"></aside>
  <div id="portal-columns" class="row">
  <div id="portal-column-content" class="cell width-3:4 position-1:4"><div id="viewlet-above-content"></div>
  <div id="content"><h1 class="documentFirstHeading">News</h1>
  <div class="documentDescription">All that happened &amp; more.</div>
  <div id="content-core"><div class="entries">
`;

const entry = (n: number): string => `
    <article class="entry tileItem visualIEFloatFix" id="entry-${n}">
      <h2 class="tileHeadline"><a class="summary url" href="http://localhost:8080/site/news/item-${n}">Item number ${n}</a></h2>
      <p class="documentByLine"><span class="author">by <a href="/site/author/admin">admin</a></span> <span class="date">2024-05-${(n % 28) + 1}</span></p>
      <a href="/site/news/item-${n}"><img src="/site/news/item-${n}/@@images/image/thumb" alt="" class="tileImage"></a>
      <p class="tileBody"><span class="description">What item ${n} is about: one or two sentences &ndash; no more than that, as a rule, although some editors find it hard to stop once they have begun, and go on until nobody reads it.</span></p>
      <span class="discreet">published in the section about things that happened, last changed by an editor</span>
    </article>
`;

const FOOT = `
  </div></div></div></div>
  <aside id="portal-column-one" class="cell width-1:4 position-0"><dl class="portlet portletNavigationTree"><dt class="portletHeader">Navigation</dt><dd class="portletItem"><a href="/site/news/2024">2024</a></dd></dl></aside>
  <aside id="portal-column-two" class="cell"><div class="portlet portletRecent"><ul><li class="even"><a href="/site/a">A</a></li><li class="odd"><a href="/site/b">B</a></li></ul></div></aside>
  </div>
  <footer id="portal-footer"><p>The site runs on <a href="https://plone.org">Plone</a>. Copyright &copy; 2000-2024.</p><!-- rendered in 12 ms --></footer>
</div>
</body>
</html>
`;

/** A page of at least so many bytes, and hardly more. */
export function page(bytes: number): string {
	const entries: string[] = [];
	let length = HEAD.length + FOOT.length;
	for (let n = 1; length < bytes; n++) {
		const text = entry(n);
		entries.push(text);
		length += text.length;
	}
	return HEAD + entries.join('') + FOOT;
}
