// In this order: a later file has the last word where two rules weigh the same.
import '../../charts/charts.css';
import './tokens.css';
import './type.css';
import './buttons.css';
import './controls.css';
import './sliders.css';
import './notice.css';
import './page.css';
import './strip.css';
import './run.css';
import './figures.css';
import './large.css';
import './small.css';
import './phone.css';
import './embed.css';
import './present.css';
import './forced.css';
