<?php // Stands here to be found.
