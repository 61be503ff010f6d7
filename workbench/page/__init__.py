"""An executed notebook becomes an HTML page that can be checked and cited, by readers and by machines."""
