/** nginx in front of php-fpm, its connections kept. */
import { CHILDREN, rootBeside } from '../php.ts';
import type { Command, Place, Target } from '../target.ts';
import { nginxCommand, nginxMissing } from './nginx.ts';

/** Debian's fastcgi_params, with the check that the script is there, as its snippet has it; what is there is remembered. */
const PARAMS = `
			fastcgi_param QUERY_STRING $query_string;
			fastcgi_param REQUEST_METHOD $request_method;
			fastcgi_param CONTENT_TYPE $content_type;
			fastcgi_param CONTENT_LENGTH $content_length;
			fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_param DOCUMENT_URI $document_uri;
			fastcgi_param DOCUMENT_ROOT $document_root;
			fastcgi_param SERVER_PROTOCOL $server_protocol;
			fastcgi_param REQUEST_SCHEME $scheme;
			fastcgi_param GATEWAY_INTERFACE CGI/1.1;
			fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
			fastcgi_param REMOTE_ADDR $remote_addr;
			fastcgi_param REMOTE_PORT $remote_port;
			fastcgi_param SERVER_ADDR $server_addr;
			fastcgi_param SERVER_PORT $server_port;
			fastcgi_param SERVER_NAME $server_name;
			fastcgi_param REDIRECT_STATUS 200;`;

export const nginxPhp: Target = {
	name: 'nginx',
	missing: nginxMissing,
	prepare: ({ folder, port, origin }: Place): Command =>
		nginxCommand(
			folder,
			port,
			`upstream php {
		server unix:${origin};
		keepalive ${CHILDREN};
		keepalive_requests 1000000000;
	}`,
			`
		root ${rootBeside(origin ?? '')};
		open_file_cache max=16 inactive=1h;
		location ~ \\.php$ {
			try_files $uri =404;
			fastcgi_pass php;
			fastcgi_keep_conn on;
			fastcgi_buffer_size 16k;
			fastcgi_buffers 8 16k;${PARAMS}
		}`,
		),
};
