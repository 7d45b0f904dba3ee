/** The app of the framework that FRAMEWORK names, on our server. */
import { type App, fromNode } from 'turnabout';
import { frameworkApp } from '../peers/programs/framework-apps.ts';

const { app, isFetch } = frameworkApp(process.env['FRAMEWORK'] ?? '');

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default isFetch ? (app as { fetch: App }) : fromNode(app as Parameters<typeof fromNode>[0]);
