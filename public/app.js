// What screens do in a browser beside htmx: one file per behaviour, each listening on the document.
import './combobox.js'
import './copy.js'
import './download.js'
import './edits.js'
import './focus.js'
import './host.js'
import './notice.js'
import './screen.js'
