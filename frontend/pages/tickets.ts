/** The customers' pages of tickets. They work without this script. */
import "./tickets.css";
