<?php
/* The parts of the matrix as a front controller in PHP. What is written down lies in files: each request is a process. */

const PIECE = 16384;
const MOST = 64000000;

$state = $_SERVER['STATE'];
$mount = substr($_SERVER['SCRIPT_NAME'], 0, -strlen('/index.php'));
$target = substr($_SERVER['REQUEST_URI'], strlen($mount));
$path = explode('?', $target)[0];
$parts = explode('/', $path);
$name = $parts[1] ?? '';
$key = rawurldecode($parts[2] ?? '');

function note(string $key, string $what): void
{
    file_put_contents("$GLOBALS[state]/$key.log", "$what\n", FILE_APPEND);
}

function released(string $key): void
{
    $file = "$GLOBALS[state]/$key.waits";
    touch($file);
    for ($i = 0; $i < 4000 && file_exists($file); $i++) {
        usleep(2000);
        clearstatcache();
    }
}

function release(string $key): string
{
    $file = "$GLOBALS[state]/$key.waits";
    return file_exists($file) && @unlink($file) ? 'released' : 'nothing waits';
}

function text(string $body, int $status = 200): void
{
    http_response_code($status);
    header('Content-Type: text/plain');
    echo $body;
}

function json(mixed $value, int $status = 200): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
}

function piece(string $bytes): void
{
    echo $bytes;
    flush();
}

/** PHP learns that a client has left by writing to it, and then the script ends; this is what still runs. */
function note_the_end(string $key, string $what, callable $isWhole): void
{
    register_shutdown_function(fn() => note($key, $isWhole() ? 'all of it' : $what));
}

function read(string $key): int
{
    note($key, 'asked');
    $length = 0;
    $input = fopen('php://input', 'r');
    while (($piece = fread($input, 65536)) !== false && $piece !== '') {
        $length += strlen($piece);
    }
    if ($length < (int) ($_SERVER['CONTENT_LENGTH'] ?? 0)) {
        note($key, 'failed');
    }
    return $length;
}

function half(): void
{
    piece('half');
    throw new RuntimeException('the rest cannot be found');
}

while (ob_get_level() > 0) {
    ob_end_flush();
}

switch ($name) {
    case 'hello':
        text('hello');
        break;
    case 'method':
        text($_SERVER['REQUEST_METHOD']);
        break;
    case 'status':
        http_response_code((int) $key);
        header('ETag: "1"');
        if (!in_array($key, ['204', '304'], true)) {
            text("status $key", (int) $key);
        }
        break;
    case 'redirect':
        header('Location: /hello?from=redirect', true, 303);
        break;
    case 'json':
        json(['got' => json_decode(file_get_contents('php://input'))], 201);
        break;
    case 'path':
        json([$key, $_GET['q'], $_GET['r']]);
        break;
    case 'where':
        json(['mount' => $mount, 'path' => $path]);
        break;
    case 'large':
        text(str_repeat('b', 3000000));
        break;
    case 'echo':
        header('Content-Type: text/plain');
        $input = fopen('php://input', 'r');
        while (($piece = fread($input, 65536)) !== false && $piece !== '') {
            piece($piece);
        }
        break;
    case 'read':
        text((string) read($key));
        break;
    case 'sip':
        $input = fopen('php://input', 'r');
        $length = strlen(fread($input, 4096));
        note($key, 'sipped');
        released($key);
        while (($piece = fread($input, 65536)) !== false && $piece !== '') {
            $length += strlen($piece);
        }
        note($key, "read $length");
        text((string) $length);
        break;
    case 'pour':
        $made = 0;
        note_the_end($key, 'cancelled', function () use (&$made) {
            return $made >= MOST;
        });
        for (; $made < MOST; $made += PIECE) {
            piece(str_repeat('a', PIECE));
            file_put_contents("$state/$key.made", (string) $made);
        }
        break;
    case 'poured':
        text(@file_get_contents("$state/$key.made") ?: '0');
        break;
    case 'events':
        header('Content-Type: text/event-stream');
        piece("data: one\n\n");
        released($key);
        piece("data: two\n\n");
        break;
    case 'ignore':
        text('refused', 403);
        break;
    case 'fields':
        header('X-Out: a');
        header('X-Out: b', false);
        json([$_SERVER['HTTP_X_ONE'] ?? null, $_SERVER['HTTP_X_TWO'] ?? null]);
        break;
    case 'cookies':
        setcookie('a', '1', ['path' => '/']);
        setcookie('b', '2', ['path' => '/']);
        text($_SERVER['HTTP_COOKIE'] ?? '');
        break;
    case 'throws':
        throw new RuntimeException('a secret detail');
    case 'breaks':
        half();
        break;
    case 'breakslength':
        header('Content-Length: 100');
        half();
        break;
    case 'short':
        header('Content-Length: 10');
        text('abcd');
        break;
    case 'long':
        header('Content-Length: 3');
        text('abcdefgh');
        break;
    case 'afterend':
        text('done');
        fastcgi_finish_request();
        piece('more');
        note($key, 'wrote');
        break;
    case 'never':
        note($key, 'asked');
        note_the_end($key, 'closed', fn() => false);
        released($key);
        for (;;) {
            piece(str_repeat("is anybody there?\n", 1000));
        }
    case 'journal':
        text(rtrim(@file_get_contents("$state/$key.log") ?: ''));
        break;
    case 'release':
        text(release($key));
        break;
    default:
        text('no such part', 404);
}
