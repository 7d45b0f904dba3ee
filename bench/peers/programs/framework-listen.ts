/** A framework on its own server: `node framework-listen.ts NAME PORT`. */
import { frameworkApp } from './framework-apps.ts';

const [, , name = '', port = ''] = process.argv;
frameworkApp(name).listen(Number(port));
