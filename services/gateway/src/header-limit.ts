/**
 * The library reads this once, when it is loaded: a client certificate in a header does not fit into the 4 KiB that it takes otherwise. So
 * this file is imported before the library.
 */
process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= '32768';
